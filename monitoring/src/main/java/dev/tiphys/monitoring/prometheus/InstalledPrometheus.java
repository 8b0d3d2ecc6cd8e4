package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.InstalledProgram;
import dev.tiphys.monitoring.program.ProgramRun;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Prometheus, with promtool.
public final class InstalledPrometheus extends InstalledProgram implements PrometheusProgram {

  private static final String SERVER = "prometheus";
  private static final String FAILED = "FAILED:";

  private final Map<String, String> said = new ConcurrentHashMap<>();

  /// @param listen the address of this machine that servers are reached at
  public InstalledPrometheus(World world, Programs programs, InetAddress listen) {
    super(world, programs, listen, SERVER, "promtool");
  }

  @Override
  public Version version() throws InterruptedException {
    return Version.of(said("--version"));
  }

  @Override
  public boolean knows(String flag) throws InterruptedException {
    return said("--help").contains(flag);
  }

  /// What the program says of itself. It is asked once: what is installed later runs with the next
  /// process.
  private String said(String question) throws InterruptedException {
    String before = said.get(question);
    if (before != null) {
      return before;
    }
    ProgramRun run = run(SERVER, List.of(question));
    String answer = run.out() + run.err();
    said.put(question, answer);
    return answer;
  }

  @Override
  protected List<String> checking(Path file) {
    return List.of("check", "config", "--lint=none", file.toString());
  }

  @Override
  protected String reason(ProgramRun run, Path file) {
    return reason(run.err(), file);
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
