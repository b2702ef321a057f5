"""What runs without anybody clicking."""
