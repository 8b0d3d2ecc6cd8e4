package dev.tiphys.client.leader;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;

/// The way from one machine to a server: it takes a while, and loses requests and answers.
///
/// What left the machine arrives, whatever becomes of the machine meanwhile.
final class FlakyNetwork {

  private final World world;
  private final Machine machine;
  private final Duration longest;
  private int lossPercent;
  private boolean cut;

  /// @param longest how long a request or an answer is on its way
  FlakyNetwork(World world, Machine machine, Duration longest) {
    this.world = world;
    this.machine = machine;
    this.longest = longest;
  }

  void loses(int percent) {
    lossPercent = percent;
  }

  void cut(boolean now) {
    cut = now;
  }

  Api to(Api server) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class
              || arguments == null
              || !(arguments[0] instanceof ApiResource)) {
            throw new UnsupportedOperationException(method.getName());
          }
          travel(false);
          try {
            Object answer = method.invoke(server, arguments);
            travel(true);
            return answer;
          } catch (InvocationTargetException e) {
            travel(true);
            throw e.getCause();
          }
        };
    return (Api)
        Proxy.newProxyInstance(Api.class.getClassLoader(), new Class<?>[] {Api.class}, handler);
  }

  private void travel(boolean back) {
    boolean lost = cut || world.random().nextInt(100) < lossPercent;
    long nanos = longest.toNanos() + 1;
    boolean interrupted = false;
    try {
      world.sleep(Duration.ofNanos(lost ? nanos * 5 : world.random().nextLong(nanos)));
    } catch (InterruptedException e) {
      interrupted = true; // what is on the wire may arrive all the same
      lost = back || lost || world.random().nextBoolean();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (back || lost) {
      machine.awaitRunning();
    }
    if (lost) {
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost");
    }
  }
}
