package dev.tiphys.client.outbound;

import java.io.IOException;

/// A program gave no answer that could be used. The message has the request's verb and place, and
/// why; nothing of the request's headers or content.
public final class NoAnswerException extends IOException {

  private static final long serialVersionUID = 1;

  NoAnswerException(String message) {
    super(message);
  }
}
