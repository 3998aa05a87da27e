"""Statements of programs as claims, and what they say of sizes, layers and biases."""
