package dev.tiphys.apiserver.fairness;

/// A request was refused for now, since there are too many.
public final class Overload extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final long retryAfter;

  public Overload(long retryAfter) {
    super("Too many requests, please try again later.", null, false, false);
    this.retryAfter = retryAfter;
  }

  /// After how many seconds the client is to try again.
  public long retryAfter() {
    return retryAfter;
  }
}
