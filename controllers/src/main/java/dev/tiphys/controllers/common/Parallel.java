package dev.tiphys.controllers.common;

import dev.tiphys.client.Cause;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes many calls to the API server at once, since each of them mostly waits.
public final class Parallel {

  private static final System.Logger LOG = System.getLogger(Parallel.class.getName());

  /// Enough to keep a server busy, and few enough for one connection.
  private static final int WIDTH = 64;

  private Parallel() {}

  /// How some calls went.
  ///
  /// @param done how many succeeded
  /// @param error the first refusal, or null
  public record Result(int done, @Nullable ApiException error) {}

  /// Makes a call `count` times: see below.
  public static Result slowStart(World world, int count, Runnable call)
      throws InterruptedException {
    return slowStart(world, Collections.nCopies(count, call), Runnable::run);
  }

  /// Makes a call for each of some objects: for one, then for two at once, then for four and so on,
  /// and no more after a batch with a refusal in it. What can't succeed is so found out at the
  /// price of one call.
  public static <T> Result slowStart(World world, List<T> objects, Consumer<T> call)
      throws InterruptedException {
    int done = 0;
    for (int batch = 1; done < objects.size(); batch *= 2) {
      int end = Math.min(objects.size(), done + batch);
      Result result = all(world, objects.subList(done, end), call);
      done += result.done;
      if (result.error != null) {
        return new Result(done, result.error);
      }
    }
    return new Result(done, null);
  }

  /// Makes a call for each of some objects, up to [#WIDTH] at once. What one of them throws, be it
  /// a refusal or not, keeps none of the others from being made.
  public static <T> Result all(World world, List<T> objects, Consumer<T> call)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    AtomicReference<@Nullable ApiException> error = new AtomicReference<>();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < objects.size(); i = next.getAndIncrement()) {
            attempt(objects.get(i), call, done, error);
          }
        };
    if (objects.size() <= 1) {
      worker.run();
      return new Result(done.get(), error.get());
    }
    long cause = Cause.revision();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < Math.min(WIDTH, objects.size()); i++) {
      tasks.add(world.start("call", () -> Cause.during(cause, worker)));
    }
    for (Task task : tasks) {
      task.join();
    }
    return new Result(done.get(), error.get());
  }

  private static <T> void attempt(
      T object,
      Consumer<T> call,
      AtomicInteger done,
      AtomicReference<@Nullable ApiException> error) {
    try {
      call.accept(object);
      done.incrementAndGet();
    } catch (ApiException e) {
      error.compareAndSet(null, e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a call failed", e);
      error.compareAndSet(null, ApiException.internal(e.toString()));
    }
  }
}
