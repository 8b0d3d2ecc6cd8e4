package dev.tiphys.network.router.message;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/// A request is not passed on to anything.
public final class RefusedException extends Exception {

  private final int status;

  /// @param status with which it is answered
  public RefusedException(int status) {
    super("refused with " + status, null, false, false);
    this.status = status;
  }

  /// What could not be read.
  public static RefusedException undecodable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new RefusedException(414);
    }
    return new RefusedException(cause instanceof TooLongHttpHeaderException ? 431 : 400);
  }

  public int status() {
    return status;
  }
}
