"""Reads off a picture what captions say: hair, skin, glasses … The judge of prompts followed."""
