package dev.tiphys.storage.resizer;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.csi.ControllerService;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.storage.sidecar.DriverCalls;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Has a volume become one of the VolumeAttributesClass that its claim asks for.
///
/// What the driver was asked for and has perhaps done is asked for again until it answers, even if
/// the claim asks for something else by then. Only after an answer that it has surely done nothing
/// the claim can go another way, or back.
///
/// Threads: any, one for each claim.
final class Modifier {

  /// With these the driver may have done it, or still do it.
  private static final Set<GrpcStatus> UNCERTAIN =
      Set.of(
          GrpcStatus.CANCELLED,
          GrpcStatus.DEADLINE_EXCEEDED,
          GrpcStatus.UNAVAILABLE,
          GrpcStatus.RESOURCE_EXHAUSTED,
          GrpcStatus.ABORTED);

  private static final Duration SLOW_RETRY = Duration.ofMinutes(5);

  private final World world;
  private final Api api;
  private final DriverCalls driver;
  private final EventRecorder events;
  private final Informer classes;
  private final Set<String> refused = ConcurrentHashMap.newKeySet(); // by uid of the claim
  private final Map<String, Instant> postponed = new ConcurrentHashMap<>(); // by uid of the claim

  Modifier(World world, Api api, DriverCalls driver, EventRecorder events, Informer classes) {
    this.world = world;
    this.api = api;
    this.driver = driver;
    this.events = events;
    this.classes = classes;
  }

  /// Takes one step with a claim that is bound to a volume of the driver.
  Outcome modify(Struct claim, Struct volume) throws InterruptedException {
    Modification before = new Modification(claim);
    if (!before.isNeeded()) {
      return Outcome.DONE;
    }
    Duration wait = waitOf(before);
    if (wait.isPositive()) {
      return Outcome.again(wait);
    }
    if (before.wanted().isEmpty() && !before.isInProgress()) {
      return cancel(before);
    }
    boolean goesOn = before.isInProgress() && !refused.contains(uid(claim));
    String name = goesOn || before.wanted().isEmpty() ? before.target() : before.wanted();
    Struct type = classes.find("", name);
    if (type == null) {
      events.warning(claim, "VolumeModifyFailed", "VAC \"%s\" does not exist.".formatted(name));
      if (goesOn || before.wanted().isEmpty()) {
        return Outcome.RETRY;
      }
      write(claim, before.pending());
      return Outcome.DONE; // it comes again when there is such a class
    }
    Modification begun = goesOn ? before : begin(before, name);
    return ask(begun, type, volume);
  }

  /// How long a class that is not possible waits until it is tried again.
  private Duration waitOf(Modification modification) {
    Instant next = postponed.get(uid(modification.claim()));
    return next == null || !modification.isKnownInfeasible()
        ? Duration.ZERO
        : Duration.between(world.now(), next);
  }

  private Outcome cancel(Modification before) {
    if (before.saysModifying()) {
      events.normal(before.claim(), "VolumeModifyCanceled", "Cancelled modify.");
      write(before.claim(), before.cancelled());
    }
    return Outcome.DONE;
  }

  private Modification begin(Modification before, String type) {
    refused.remove(uid(before.claim()));
    Struct claim = write(before.claim(), before.begun(world.now()));
    events.normal(
        claim,
        "VolumeModify",
        "external resizer is modifying volume %s with vac %s"
            .formatted(Meta.of(claim).name(), type));
    return new Modification(claim);
  }

  private Outcome ask(Modification begun, Struct type, Struct volume) throws InterruptedException {
    Struct claim = begun.claim();
    try {
      Csi.ControllerModifyVolumeResponse _ =
          driver.call(ControllerService.CONTROLLER_MODIFY_VOLUME, request(volume, type));
    } catch (GrpcException e) {
      return failed(begun, e);
    }
    // The volume tells its class before the claim does: nothing asks again once the claim is done.
    if (!volume.string("spec", "volumeAttributesClassName").equals(begun.target())) {
      api.update(
          ApiResource.PERSISTENT_VOLUMES,
          volume.withAt(begun.target(), "spec", "volumeAttributesClassName"));
    }
    write(claim, begun.done());
    postponed.remove(uid(claim));
    events.normal(
        claim,
        "VolumeModifySuccessful",
        "external resizer modified volume %s with vac %s successfully"
            .formatted(Meta.of(claim).name(), begun.target()));
    return Outcome.DONE;
  }

  private Outcome failed(Modification begun, GrpcException failure) {
    Struct claim = begun.claim();
    boolean certain = !UNCERTAIN.contains(failure.status());
    boolean infeasible = failure.status() == GrpcStatus.INVALID_ARGUMENT;
    if (certain) {
      refused.add(uid(claim));
    }
    if (infeasible) {
      postponed.put(uid(claim), world.now().plus(SLOW_RETRY));
    }
    write(claim, begun.failed(failure, certain, infeasible, world.now()));
    events.warning(
        claim,
        "VolumeModifyFailed",
        failure.getMessage() + (certain ? "" : ". Still modifying to VAC " + begun.target()));
    return infeasible ? Outcome.again(SLOW_RETRY) : Outcome.RETRY;
  }

  private static Csi.ControllerModifyVolumeRequest request(Struct volume, Struct type) {
    Struct attributes = type.struct("parameters");
    Csi.ControllerModifyVolumeRequest.Builder request =
        Csi.ControllerModifyVolumeRequest.newBuilder()
            .setVolumeId(volume.string("spec", "csi", "volumeHandle"));
    for (String name : attributes.names()) {
      request.putModifiableParameters(name, attributes.string(name));
    }
    return request.build();
  }

  private Struct write(Struct claim, Struct status) {
    return status.equals(claim.struct("status"))
        ? claim
        : api.update(ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.with("status", status), "status");
  }

  private static String uid(Struct claim) {
    return Meta.of(claim).uid();
  }
}
