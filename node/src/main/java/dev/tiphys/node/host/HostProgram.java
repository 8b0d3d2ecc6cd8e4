package dev.tiphys.node.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A program that is installed on this machine.
///
/// @param path its file
public record HostProgram(Path path) {

  /// Where system programs are, whatever the search path of this process is.
  private static final List<String> USUAL =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  /// What a run left behind.
  ///
  /// @param output both streams, as they came
  public record Result(int exitCode, String output) {
    public boolean succeeded() {
      return exitCode == 0;
    }
  }

  /// The program of this name on the search path or in one of the usual directories; null if there
  /// is none.
  public static @Nullable HostProgram find(String name) {
    return searchPath()
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(HostProgram::new)
        .orElse(null);
  }

  /// The search path that programs should be started with: this process's, and the usual
  /// directories.
  public static String fullSearchPath() {
    return String.join(File.pathSeparator, searchPath().toList());
  }

  /// Runs the program to its end.
  ///
  /// @throws IOException if it cannot be started
  public Result run(String... arguments) throws IOException, InterruptedException {
    return runWithInput("", arguments);
  }

  /// Runs the program to its end, with `input` to read.
  public Result runWithInput(String input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(path.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", fullSearchPath());
    Process process = builder.start();
    try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
      stdin.write(input);
    } catch (IOException _) {
      // It ended without reading: its output says why.
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static Stream<String> searchPath() {
    String own = System.getenv("PATH");
    return Stream.concat(
            own == null ? Stream.empty() : Stream.of(own.split(File.pathSeparator)), USUAL.stream())
        .filter(directory -> directory.startsWith("/"))
        .distinct();
  }
}
