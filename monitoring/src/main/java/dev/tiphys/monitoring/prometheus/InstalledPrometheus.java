package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ChildServer;
import dev.tiphys.monitoring.program.ProgramRun;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    ProgramRun outcome = ProgramRun.of(List.of(place(SERVER), "--version"));
    return Version.of(outcome.out() + outcome.err());
  }

  @Override
  public String check(Path file) throws InterruptedException {
    ProgramRun outcome =
        ProgramRun.of(List.of(place(TOOL), "check", "config", "--lint=none", file.toString()));
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

  @Override
  public PrometheusServer start(Path directory, List<String> flags, Consumer<ProgramState> told) {
    List<String> words = new ArrayList<>();
    words.add(place(SERVER));
    words.addAll(flags);
    return new ChildPrometheus(ChildServer.start(world, SERVER, words, listen, directory, told));
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
