package dev.tiphys.network.netlink;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Runs code in another network namespace: sockets that it opens belong there, wherever they are
/// used later. It must not start threads, which would belong there as well.
public final class Entering {
  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int NEW_NETWORK = 0x40000000;

  private Entering() {}

  public static <T> T call(Path namespace, Callable<T> code) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                enter(namespace);
                result.complete(code.call());
              } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static void enter(Path namespace) {
    int file = Libc.open(namespace.toString(), CLOSE_ON_EXEC);
    if (file < 0 || Libc.setNamespace(file, NEW_NETWORK) < 0) {
      throw new IllegalStateException("cannot enter " + namespace);
    }
    Libc.close(file);
  }
}
