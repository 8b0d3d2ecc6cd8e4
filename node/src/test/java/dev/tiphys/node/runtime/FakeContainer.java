package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A container of a [FakeRuntime]. Guarded by the runtime's lock, but for [#log].
final class FakeContainer {

  final String id;
  final String sandboxId;
  final ContainerSpec spec;
  final Image image;
  final Instant created;
  final FakeProcess process;
  final Path log;
  private final World world;
  ContainerState state = ContainerState.CREATED;
  @Nullable Instant started;
  @Nullable Instant finished;
  int exitCode;
  String reason = "";
  String message = "";
  LinuxResources resources;

  FakeContainer(
      World world,
      String id,
      String sandboxId,
      ContainerSpec spec,
      SandboxSpec sandbox,
      Image image) {
    this.world = world;
    this.id = id;
    this.sandboxId = sandboxId;
    this.spec = spec;
    this.image = image;
    this.created = world.now();
    this.log = Path.of(sandbox.logDirectory(), spec.logPath());
    this.resources = spec.resources();
    this.process = new FakeProcess(world, this::log);
  }

  Container summary() {
    return new Container(
        id, sandboxId, spec.name(), image.id(), state, created, spec.labels(), spec.annotations());
  }

  ContainerStatus status() {
    return new ContainerStatus(
        id,
        spec.name(),
        state,
        created,
        started,
        finished,
        exitCode,
        image.tags().getFirst(),
        image.id(),
        reason,
        message,
        spec.labels(),
        spec.annotations(),
        log.toString());
  }

  void end(int code, String why) {
    state = ContainerState.EXITED;
    finished = world.now();
    exitCode = code;
    reason = why;
  }

  private void log(String line, boolean error) {
    try {
      Files.writeString(
          log,
          "%s %s F %s\n".formatted(world.now(), error ? "stderr" : "stdout", line),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
