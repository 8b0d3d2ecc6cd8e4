package dev.tiphys.network.netlink;

import java.io.IOException;
import java.io.Serial;

/// The kernel refused a request, or could not be asked.
public final class NetlinkException extends IOException {

  @Serial private static final long serialVersionUID = 1;

  /// The error number of what this process may not do.
  public static final int NOT_PERMITTED = 1;

  /// The error number of an object that does not exist.
  public static final int NOT_FOUND = 2;

  /// The error number of an object that exists already.
  public static final int EXISTS = 17;

  /// The error number of a route that does not exist.
  public static final int NO_SUCH_ROUTE = 3;

  /// The error number of an address to which there is no route.
  public static final int UNREACHABLE = 101;

  /// The error number of an address to which a route says that there is no way.
  public static final int NO_HOST = 113;

  private final int error;
  private final int message;

  NetlinkException(int error, int message, String what) {
    super(what + ": " + Libc.nameOf(error));
    this.error = error;
    this.message = message;
  }

  /// The error number, as in `errno.h`.
  public int error() {
    return error;
  }

  /// Which message of those sent was refused, counted from 0; -1 if none in particular.
  public int message() {
    return message;
  }
}
