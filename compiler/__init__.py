"""The compiler: from a notebook to problems and a Program. Knows no other folder."""
