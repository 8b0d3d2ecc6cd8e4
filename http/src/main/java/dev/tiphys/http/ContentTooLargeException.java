package dev.tiphys.http;

import java.io.IOException;

/// The content of a request is larger than the server takes.
public final class ContentTooLargeException extends IOException {

  private static final long serialVersionUID = 1;

  public ContentTooLargeException(long limit) {
    super("the content is larger than " + limit + " bytes");
  }
}
