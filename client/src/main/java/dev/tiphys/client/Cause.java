package dev.tiphys.client;

/// What made a caller write: the revision of the state that it reacted to.
///
/// It goes with the request, not inside the object, and lets the server tell why an object exists:
/// every write leads back to another one, and in the end to a request from outside.
public final class Cause {

  /// In which header field of HTTP it goes with a request.
  public static final String HEADER = "Tiphys-Cause";

  private static final ScopedValue<Long> REVISION = ScopedValue.newInstance();

  private Cause() {}

  /// The revision that the running code reacts to; 0 if it reacts to none.
  public static long revision() {
    return REVISION.orElse(0L);
  }

  /// Runs `body` as a reaction to a revision.
  public static void during(long revision, Runnable body) {
    ScopedValue.where(REVISION, revision).run(body);
  }

  /// Calls `body` as a reaction to a revision.
  public static <T, X extends Throwable> T during(
      long revision, ScopedValue.CallableOp<? extends T, X> body) throws X {
    return ScopedValue.where(REVISION, revision).<T, X>call(body);
  }
}
