package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ServedResources;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;

/// What goes wrong on the way to the API server and back, drawn from the world's chance.
///
/// @param lost the share of requests that never arrive
/// @param unanswered the share of writes that are done without an answer
/// @param undiscovered why some groups can't be discovered, by group and version; may change
public record Faults(double lost, double unanswered, Map<String, String> undiscovered) {

  public static final Faults NONE = new Faults(0, 0);

  public Faults(double lost, double unanswered) {
    this(lost, unanswered, Map.of());
  }

  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

  /// `api`, with these faults.
  public Api between(World world, Api api) {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(),
            new Class<?>[] {Api.class},
            (_, method, arguments) -> call(world, api, method, arguments));
  }

  private Object call(World world, Api api, Method method, Object[] arguments) throws Throwable {
    if (method.getReturnType() == Api.class) { // another way to ask, and no question yet
      return between(world, (Api) method.invoke(api, arguments));
    }
    if (world.random().nextDouble() < lost) {
      throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost on the way there");
    }
    try {
      Object answer = method.invoke(api, arguments);
      if (answer instanceof ServedResources served) {
        return new ServedResources(served.known(), undiscovered);
      }
      if (WRITES.contains(method.getName()) && world.random().nextDouble() < unanswered) {
        throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "lost on the way back");
      }
      return answer;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
