package dev.tiphys.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A file that is part of the program and lies beside a class, mostly in the program's jar: a
/// table, or objects to begin with. It may be read anywhere, in static initializers too; nothing
/// else reads such files.
///
/// A virtual thread has a platform thread read for it. The JDK reads a jar under one lock inside
/// another, which every reader shares. A virtual thread that waits for the inner one gives its
/// carrier away and keeps the outer one; virtual threads in static initializers can't give theirs
/// away. Once those wait for the outer lock on all carriers, of which there is one for each
/// processor, the first never goes on, and nor does anything else. A platform thread goes on
/// without a carrier.
///
/// What remains for a caller to see to: a lock that is held while a file is read must not be one
/// that static initializers wait for.
///
/// Threads: any. An interrupt does not end a reading, and is kept.
///
/// @param beside the class in whose package the file is
/// @param name from there: `roles.json`
public record PackagedFile(Class<?> beside, String name) {

  /// What is in it, as UTF-8.
  ///
  /// @throws IllegalStateException if there is no such file: a defect of the build
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /// What is in it.
  ///
  /// @throws IllegalStateException if there is no such file: a defect of the build
  public byte[] bytes() {
    byte[] found = find();
    if (found == null) {
      throw new IllegalStateException(name + " is missing beside " + beside.getName());
    }
    return found;
  }

  /// What is in it, or null if there is no such file.
  public byte @Nullable [] find() {
    return Thread.currentThread().isVirtual()
        ? CompletableFuture.supplyAsync(this::read, this::onPlatformThread).join()
        : read();
  }

  private void onPlatformThread(Runnable reading) {
    Thread.ofPlatform().daemon().name("reads " + name).start(reading);
  }

  private byte @Nullable [] read() {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " beside " + beside.getName() + " can't be read", e);
    }
  }
}
