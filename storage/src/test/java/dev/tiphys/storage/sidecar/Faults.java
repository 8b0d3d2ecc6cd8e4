package dev.tiphys.storage.sidecar;

import dev.tiphys.client.Api;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.Set;

/// What goes wrong, while it does, between helpers and the API server, and between them and the
/// driver: questions and answers that are lost.
public final class Faults {

  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  private final Random chance;
  private final double share;
  private volatile boolean over;

  /// @param share of questions that are lost, and of answers
  public Faults(long seed, double share) {
    this.chance = new Random(seed);
    this.share = share;
  }

  /// From now on nothing goes wrong.
  public void end() {
    over = true;
  }

  /// Whether the next question or answer is lost.
  public synchronized boolean strike() {
    return !over && chance.nextDouble() < share;
  }

  public Api before(Api api) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, arguments) -> call(api, method, arguments));
  }

  private Object call(Api api, Method method, Object[] arguments) throws Throwable {
    if (method.getReturnType() == Api.class) { // another way to ask, and no question yet
      return before((Api) method.invoke(api, arguments));
    }
    if (strike()) {
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost on the way there");
    }
    try {
      Object answer = method.invoke(api, arguments);
      if (WRITES.contains(method.getName()) && strike()) {
        throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost on the way back");
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
