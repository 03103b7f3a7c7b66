"""What a bundle is made of, and how its bytes, signatures, chains and moments are checked."""
