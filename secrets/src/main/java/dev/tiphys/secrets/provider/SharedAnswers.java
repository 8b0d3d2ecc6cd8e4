package dev.tiphys.secrets.provider;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks once for what several want at the same moment: all of them have that answer, or failure. It
/// may serve for a while longer.
///
/// Threads: any.
public final class SharedAnswers<T> {

  private static final Duration BRIEFLY = Duration.ofSeconds(1);

  private final World world;
  private final Duration serves;
  private final Map<String, Flight<T>> flights = new HashMap<>(); // guarded by itself

  /// Asks a service.
  public interface Asking<T> {
    T ask() throws InterruptedException;
  }

  /// A question that was asked. Its outcome is set under the lock, before its gates are opened.
  private static final class Flight<T> {
    final List<Gate> waiting = new ArrayList<>();
    @Nullable T answer;
    @Nullable StoreException failure;
    long over;

    boolean isOver() {
      return answer != null || failure != null;
    }
  }

  private SharedAnswers(World world, Duration serves) {
    this.world = world;
    this.serves = serves;
  }

  /// Answers serve those that ask meanwhile.
  public static <T> SharedAnswers<T> meanwhile(World world) {
    return new SharedAnswers<>(world, Duration.ZERO);
  }

  /// Answers serve for a second more: ten keys of one secret are one request.
  public static <T> SharedAnswers<T> briefly(World world) {
    return new SharedAnswers<>(world, BRIEFLY);
  }

  /// The answer to a question, which is asked unless it has been.
  ///
  /// @param key the same for questions that are the same
  /// @throws StoreException as the question does
  public T of(String key, Asking<? extends T> question) throws InterruptedException {
    while (true) {
      Flight<T> flight;
      Gate gate = null;
      boolean leads = false;
      synchronized (flights) {
        forgetOld();
        flight = flights.get(key);
        if (flight == null) {
          flight = new Flight<>();
          flights.put(key, flight);
          leads = true;
        } else if (!flight.isOver()) {
          gate = world.gate();
          flight.waiting.add(gate);
        }
      }
      if (leads) {
        return lead(key, flight, question);
      }
      if (gate != null) {
        gate.await();
      }
      if (flight.failure != null) {
        throw flight.failure;
      }
      if (flight.answer != null) {
        return flight.answer;
      } // otherwise the one that asked was interrupted: ask after all
    }
  }

  private T lead(String key, Flight<T> flight, Asking<? extends T> question)
      throws InterruptedException {
    T answer = null;
    StoreException failure = null;
    try {
      answer = question.ask();
      return answer;
    } catch (StoreException e) {
      failure = e;
      throw e;
    } finally {
      synchronized (flights) {
        flight.answer = answer;
        flight.failure = failure;
        flight.over = world.nanoTime();
        if (!flight.isOver() || serves.isZero()) {
          flights.remove(key, flight);
        }
      }
      flight.waiting.forEach(Gate::open);
    }
  }

  private void forgetOld() {
    if (!serves.isZero()) {
      long oldest = world.nanoTime() - serves.toNanos();
      flights.values().removeIf(each -> each.isOver() && each.over - oldest <= 0);
    }
  }

  /// Has everything asked for anew: it may have changed.
  public void forget() {
    synchronized (flights) {
      flights.clear();
    }
  }
}
