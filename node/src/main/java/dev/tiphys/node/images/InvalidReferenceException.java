package dev.tiphys.node.images;

/// A text that is no name of an image. The message is what upstream's components say of it.
public final class InvalidReferenceException extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidReferenceException(String message) {
    super(message);
  }
}
