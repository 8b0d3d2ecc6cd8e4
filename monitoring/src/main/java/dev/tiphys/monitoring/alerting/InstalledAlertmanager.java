package dev.tiphys.monitoring.alerting;

import dev.tiphys.monitoring.program.InstalledProgram;
import dev.tiphys.monitoring.program.ProgramRun;
import dev.tiphys.monitoring.program.Programs;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// Alertmanager, with amtool.
public final class InstalledAlertmanager extends InstalledProgram {

  private static final String FAILED = "FAILED:";

  /// @param listen the address of this machine that servers are reached at
  public InstalledAlertmanager(World world, Programs programs, InetAddress listen) {
    super(world, programs, listen, "alertmanager", "amtool");
  }

  @Override
  protected List<String> checking(Path file) {
    return List.of("check-config", file.toString());
  }

  /// What amtool says after `FAILED:`.
  @Override
  protected String reason(ProgramRun run, Path file) {
    return (run.out() + run.err())
        .lines()
        .filter(line -> line.contains(FAILED))
        .map(line -> line.substring(line.indexOf(FAILED) + FAILED.length()).strip())
        .findFirst()
        .orElse("it is not valid");
  }
}
