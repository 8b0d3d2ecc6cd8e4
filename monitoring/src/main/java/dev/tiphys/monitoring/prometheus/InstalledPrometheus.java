package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Prometheus as it is installed on this machine, with promtool beside it.
///
/// @param listen the address of this machine that servers are reached at
public record InstalledPrometheus(World world, Programs programs, InetAddress listen)
    implements PrometheusProgram {

  private static final String SERVER = "prometheus";
  private static final String TOOL = "promtool";
  private static final String FAILED = "FAILED:";
  private static final long LONGEST_SECONDS = 60;

  @Override
  public String missing() {
    return List.of(SERVER, TOOL).stream()
        .filter(each -> programs.find(each).isEmpty())
        .map(programs::remedy)
        .findFirst()
        .orElse("");
  }

  @Override
  public Version version() throws InterruptedException {
    Outcome outcome = run(List.of(place(SERVER), "--version"));
    return Version.of(outcome.out() + outcome.err());
  }

  @Override
  public String check(Path file) throws InterruptedException {
    Outcome outcome = run(List.of(place(TOOL), "check", "config", "--lint=none", file.toString()));
    return outcome.status() == 0 ? "" : reason(outcome.err(), file);
  }

  /// What promtool says after each `FAILED:`, without the places of files.
  static String reason(String said, Path file) {
    String all =
        said.lines()
            .map(String::strip)
            .map(line -> line.startsWith(FAILED) ? line.substring(FAILED.length()).strip() : line)
            .map(line -> line.replace("parsing YAML file " + file + ": ", ""))
            .map(line -> line.replaceFirst("^" + file.getParent() + "/rules/[^:]+: ", ""))
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? "it is not valid" : all;
  }

  private String place(String program) {
    return programs.find(program).map(Path::toString).orElse(program);
  }

  private record Outcome(int status, String out, String err) {}

  /// Runs a program that ends by itself, soon.
  private static Outcome run(List<String> words) throws InterruptedException {
    try {
      Path out = Files.createTempFile("tiphys", ".out");
      Path err = Files.createTempFile("tiphys", ".err");
      try {
        Process process =
            new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
          if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            return new Outcome(-1, "", words.getFirst() + " did not end");
          }
        } finally {
          process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), text(out), text(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      return new Outcome(-1, "", words.getFirst() + " cannot be run: " + e.getMessage());
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  @Override
  public PrometheusServer start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    return ChildPrometheus.start(world, place(SERVER), listen, directory, flags, told);
  }

  @Override
  public long diskSize(Path directory) {
    try {
      return Files.getFileStore(directory).getTotalSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long diskFree(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
