package dev.tiphys.http;

import java.io.IOException;

/// The content of a request did not arrive in time.
public final class ContentTimeoutException extends IOException {

  private static final long serialVersionUID = 1;

  public ContentTimeoutException() {
    super("the content did not arrive in time");
  }
}
