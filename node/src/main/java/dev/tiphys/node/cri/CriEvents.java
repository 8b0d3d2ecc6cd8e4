package dev.tiphys.node.cri;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tiphys.cri.containerd.ContainerdServices;
import dev.tiphys.cri.containerd.EventsApi;
import dev.tiphys.cri.containerd.TaskEvents;
import dev.tiphys.cri.containerd.Types;
import dev.tiphys.grpc.GrpcCall;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeEvent;
import dev.tiphys.node.runtime.RuntimeEvent.Kind;
import dev.tiphys.node.runtime.RuntimeEvents;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// containerd's events of tasks, as events of containers and sandboxes.
///
/// containerd tells its CRI part of the end of a process at the same time as it tells us. So each
/// event is held back until CRI's status shows it: mostly not at all, at times a few milliseconds.
final class CriEvents implements RuntimeEvents {

  private static final Map<String, String> NAMESPACE =
      Map.of(ContainerdServices.NAMESPACE, ContainerdServices.KUBERNETES);

  private static final String STARTED = "/tasks/start";
  private static final String EXITED = "/tasks/exit";
  private static final String OUT_OF_MEMORY = "/tasks/oom";
  private static final String GREETING = "/tiphys/subscribed";

  private static final Duration GREETING_INTERVAL = Duration.ofMillis(20);
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration SETTLING_STEP = Duration.ofMillis(2);

  private final World world;
  private final ContainerRuntime runtime;
  private final GrpcCall<EventsApi.SubscribeRequest, Types.Envelope> call;

  private CriEvents(
      World world,
      ContainerRuntime runtime,
      GrpcCall<EventsApi.SubscribeRequest, Types.Envelope> call) {
    this.world = world;
    this.runtime = runtime;
    this.call = call;
  }

  /// Subscribes. containerd does not say when a subscription begins, so we publish a greeting until
  /// we hear it ourselves.
  static CriEvents open(World world, GrpcClient client, ContainerRuntime runtime)
      throws InterruptedException {
    String greeting =
        GREETING + "/" + new UUID(world.random().nextLong(), world.random().nextLong());
    try {
      GrpcCall<EventsApi.SubscribeRequest, Types.Envelope> call =
          client.open(ContainerdServices.SUBSCRIBE, NAMESPACE);
      call.send(
          EventsApi.SubscribeRequest.newBuilder()
              .addFilters(filter(STARTED))
              .addFilters(filter(EXITED))
              .addFilters(filter(OUT_OF_MEMORY))
              .addFilters(filter(greeting))
              .build());
      call.finish();
      do {
        publish(client, greeting);
      } while (!call.awaitMessage(GREETING_INTERVAL));
      return new CriEvents(world, runtime, call);
    } catch (GrpcException e) {
      throw CriCalls.failure(e);
    }
  }

  @Override
  public RuntimeEvent next() throws InterruptedException {
    try {
      while (true) {
        Types.Envelope envelope = call.receive();
        if (envelope == null) {
          throw new GrpcException(GrpcStatus.UNAVAILABLE, "the runtime ended the stream of events");
        }
        RuntimeEvent event = event(envelope);
        if (event != null) {
          return event;
        }
      }
    } catch (GrpcException e) {
      throw CriCalls.failure(e);
    }
  }

  @Override
  public void close() {
    call.close();
  }

  private @Nullable RuntimeEvent event(Types.Envelope envelope) throws InterruptedException {
    try {
      return switch (envelope.getTopic()) {
        case STARTED ->
            started(
                TaskEvents.TaskStart.parseFrom(envelope.getEvent().getValue()).getContainerId());
        case EXITED -> exited(TaskEvents.TaskExit.parseFrom(envelope.getEvent().getValue()));
        case OUT_OF_MEMORY ->
            outOfMemory(
                TaskEvents.TaskOOM.parseFrom(envelope.getEvent().getValue()).getContainerId());
        default -> null; // the greeting
      };
    } catch (InvalidProtocolBufferException e) {
      throw new RuntimeFailure(
          Reason.FAILED, "Internal", "unreadable event of containerd: " + e.getMessage(), e);
    }
  }

  private @Nullable RuntimeEvent started(String id) throws InterruptedException {
    ContainerStatus status = settled(id, ContainerState.CREATED);
    return status == null ? null : new RuntimeEvent(Kind.CONTAINER_STARTED, id, status.labels());
  }

  private @Nullable RuntimeEvent exited(TaskEvents.TaskExit exit) throws InterruptedException {
    String id = exit.getContainerId();
    if (!id.equals(exit.getId())) {
      return null; // a command that was executed in the container
    }
    ContainerStatus status = settled(id, ContainerState.RUNNING);
    return status == null
        ? sandboxStopped(id)
        : new RuntimeEvent(Kind.CONTAINER_EXITED, id, status.labels());
  }

  private @Nullable RuntimeEvent outOfMemory(String id) throws InterruptedException {
    ContainerStatus status = container(id);
    return status == null
        ? null
        : new RuntimeEvent(Kind.CONTAINER_OUT_OF_MEMORY, id, status.labels());
  }

  private @Nullable RuntimeEvent sandboxStopped(String id) throws InterruptedException {
    long start = world.nanoTime();
    while (true) {
      SandboxStatus status;
      try {
        status = runtime.sandboxStatus(id);
      } catch (RuntimeFailure e) {
        return absent(e);
      }
      if (!status.sandbox().ready() || passed(start)) {
        return new RuntimeEvent(Kind.SANDBOX_STOPPED, id, status.sandbox().labels());
      }
      world.sleep(SETTLING_STEP);
    }
  }

  /// The status of a container once it is past `state`, or null if there is no such container (any
  /// more).
  private @Nullable ContainerStatus settled(String id, ContainerState state)
      throws InterruptedException {
    long start = world.nanoTime();
    ContainerStatus status = container(id);
    while (status != null && status.state() == state && !passed(start)) {
      world.sleep(SETTLING_STEP);
      status = container(id);
    }
    return status;
  }

  private @Nullable ContainerStatus container(String id) throws InterruptedException {
    try {
      return runtime.containerStatus(id);
    } catch (RuntimeFailure e) {
      return absent(e);
    }
  }

  private boolean passed(long start) {
    return world.nanoTime() - start > SETTLING.toNanos();
  }

  private static <T> @Nullable T absent(RuntimeFailure failure) {
    if (failure.reason() == Reason.NOT_FOUND) {
      return null;
    }
    throw failure;
  }

  private static String filter(String topic) {
    return "namespace==" + ContainerdServices.KUBERNETES + ",topic==\"" + topic + "\"";
  }

  private static void publish(GrpcClient client, String topic) throws InterruptedException {
    Any nothing = Any.newBuilder().setTypeUrl("type.googleapis.com/google.protobuf.Empty").build();
    Empty _ =
        client.call(
            ContainerdServices.PUBLISH,
            EventsApi.PublishRequest.newBuilder().setTopic(topic).setEvent(nothing).build(),
            NAMESPACE,
            CriCalls.USUAL);
  }
}
