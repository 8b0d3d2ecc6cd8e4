package dev.tiphys.cli;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/// A cluster in a process of its own, which goes on when its starter ends.
final class DetachedCluster {

  /// The line by which the new process tells that it is complete.
  static final String COMPLETE = "\u0004";

  /// Set in the new process.
  static final String MARK = "TIPHYS_DETACHED";

  private static final long LARGEST_LOG = 10 << 20;

  private DetachedCluster() {}

  /// Whether this process is the one that goes on.
  static boolean isThis() {
    return System.getenv(MARK) != null;
  }

  /// Starts this very command again in the background, shows how it gets on, and returns once the
  /// cluster is complete.
  ///
  /// @return the exit code: that of the new process if it ended early
  static int start(DataDirectory data) throws InterruptedException {
    try {
      keepShort(data);
      long before = Files.exists(data.log()) ? Files.size(data.log()) : 0;
      Process process =
          new ProcessBuilder(words())
              .redirectInput(new File("/dev/null"))
              .redirectError(ProcessBuilder.Redirect.appendTo(data.log().toFile()))
              .start();
      if (isComplete(process)) {
        return 0;
      }
      int exit = process.waitFor();
      System.err.print(after(data.log(), before));
      return exit;
    } catch (IOException e) {
      throw new CliException("cannot start a process in the background: " + e.getMessage(), e);
    }
  }

  /// The log goes on from one start to the next; a large one is put aside.
  private static void keepShort(DataDirectory data) throws IOException {
    if (Files.exists(data.log()) && Files.size(data.log()) > LARGEST_LOG) {
      Files.move(data.log(), data.previousLog(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String after(Path file, long position) throws IOException {
    byte[] content = Files.readAllBytes(file);
    int from = Math.toIntExact(Math.min(position, content.length));
    return new String(content, from, content.length - from, StandardCharsets.UTF_8);
  }

  /// This process' own command line, in a session of its own so that no terminal takes it along.
  private static List<String> words() throws IOException {
    List<String> words = new ArrayList<>(List.of("setsid", "env", MARK + "=1"));
    String own = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
    words.addAll(List.of(own.split("\0")));
    return words;
  }

  /// Passes on what the process prints. False if it ends before it is complete.
  private static boolean isComplete(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.equals(COMPLETE)) {
        return true;
      }
      System.out.println(line);
    }
    return false;
  }
}
