"""Users' functions judged: their gradients against differences and forward derivatives."""
