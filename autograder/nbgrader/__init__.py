"""What GradeFlow does with nbgrader; the only package that imports it."""
