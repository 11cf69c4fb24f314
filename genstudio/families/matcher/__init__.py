"""Says how well picture and text fit together: the judge of models that draw what is written."""
