package dev.tiphys.network.dns.corefile;

/// A Corefile cannot be followed.
public final class CorefileException extends Exception {
  private static final long serialVersionUID = 1;

  CorefileException(int line, String message) {
    super("line " + line + ": " + message);
  }
}
