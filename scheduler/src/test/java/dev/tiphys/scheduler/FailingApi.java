package dev.tiphys.scheduler;

import dev.tiphys.client.Api;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/// An API whose first bindings fail.
final class FailingApi {

  private final Api real;
  private final int times;
  private final AtomicInteger bindings = new AtomicInteger();

  FailingApi(Api real, int times) {
    this.real = real;
    this.times = times;
  }

  Api api() {
    return (Api)
        Proxy.newProxyInstance(
            Api.class.getClassLoader(), new Class<?>[] {Api.class}, (_, m, args) -> call(m, args));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("createSubresource") && bindings.incrementAndGet() <= times) {
      throw ApiException.of(Reason.INTERNAL_ERROR, "the disk is full");
    }
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  int failures() {
    return Math.min(times, bindings.get());
  }
}
