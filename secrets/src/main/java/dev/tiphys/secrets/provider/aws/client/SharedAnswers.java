package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks once for what several want at the same moment. The answer serves for one second, and so
/// does a failure: ten keys of one secret are one request.
///
/// Threads: any.
public final class SharedAnswers<T> {

  private static final Duration SERVES = Duration.ofSeconds(1);

  private final World world;
  private final KeyedLock asking;
  private final Map<String, Answered<T>> answers = new HashMap<>(); // guarded by itself

  private record Answered<T>(long time, @Nullable T answer, @Nullable StoreException failure) {}

  /// Asks a service.
  public interface Asking<T> {
    T ask() throws InterruptedException;
  }

  public SharedAnswers(World world) {
    this.world = world;
    this.asking = new KeyedLock(world);
  }

  /// The answer to a question, which is asked if nothing has asked it of late.
  ///
  /// @param key the same for questions that are the same
  public T of(String key, Asking<? extends T> question) throws InterruptedException {
    try (KeyedLock.Turn _ = asking.take(key)) {
      Answered<T> known = known(key);
      if (known == null) {
        known = asked(question);
        synchronized (answers) {
          answers.put(key, known);
        }
      }
      if (known.answer != null) {
        return known.answer;
      }
      throw known.failure == null ? new IllegalStateException(key) : known.failure;
    }
  }

  private Answered<T> asked(Asking<? extends T> question) throws InterruptedException {
    try {
      T answer = question.ask();
      return new Answered<>(world.nanoTime(), answer, null);
    } catch (StoreException e) {
      return new Answered<>(world.nanoTime(), null, e);
    }
  }

  private @Nullable Answered<T> known(String key) {
    synchronized (answers) {
      long oldest = world.nanoTime() - SERVES.toNanos();
      answers.values().removeIf(each -> each.time - oldest <= 0);
      return answers.get(key);
    }
  }

  /// Has everything asked for anew: it may have changed.
  public void forget() {
    synchronized (answers) {
      answers.clear();
    }
  }
}
