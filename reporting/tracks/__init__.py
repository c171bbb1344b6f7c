"""What a steering group reads about job tracks: small numbers hidden, nobody named."""
