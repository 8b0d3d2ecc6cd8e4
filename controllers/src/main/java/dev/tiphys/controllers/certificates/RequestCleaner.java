package dev.tiphys.controllers.certificates;

import dev.tiphys.client.Api;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Deletes, once an hour, requests for certificates that are of no more use: decided more than an
/// hour ago, not looked at for a day, or for a certificate that has expired.
public final class RequestCleaner implements Component {

  private static final System.Logger LOG = System.getLogger(RequestCleaner.class.getName());
  private static final Duration PERIOD = Duration.ofHours(1);
  private static final Duration DECIDED = Duration.ofHours(1);
  private static final Duration PENDING = Duration.ofHours(24);

  private final World world;
  private final Api api;
  private final Informer requests;
  private @Nullable SupervisedTask task;

  public RequestCleaner(World world, Api api, ClusterView cluster) {
    this.world = world;
    this.api = api;
    this.requests = cluster.of(Requests.RESOURCE);
  }

  @Override
  public void start() {
    task = world.supervisor().start("csrcleaner", this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      requests.list().forEach(this::clean);
      world.background().sleep(PERIOD);
    }
  }

  private void clean(Struct request) {
    if (!isOver(request)) {
      return;
    }
    String name = Meta.of(request).name();
    try {
      api.delete(Requests.RESOURCE, "", name, DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        LOG.log(
            Level.WARNING,
            "a request for a certificate could not be deleted: request={0} error={1}",
            name,
            e.message());
      }
    }
  }

  private boolean isOver(Struct request) {
    if (request.list("status", "conditions").isEmpty()) {
      return isOlder(request.get("metadata", "creationTimestamp"), PENDING);
    }
    boolean issued = Requests.isIssued(request);
    for (Struct condition : request.structs("status", "conditions")) {
      boolean old = isOlder(condition.get("lastUpdateTime"), DECIDED);
      boolean over =
          switch (condition.string("type")) {
            case "Approved" -> issued && (old || isExpired(request));
            case "Denied", "Failed" -> old;
            default -> false;
          };
      if (over) {
        return true;
      }
    }
    return false;
  }

  private boolean isOlder(@Nullable Object time, Duration age) {
    Instant at = Timestamps.of(time);
    return at != null && at.plus(age).isBefore(world.now());
  }

  private boolean isExpired(Struct request) {
    try {
      return Pem.certificates(Requests.decoded(request.string("status", "certificate")))
          .getFirst()
          .getNotAfter()
          .toInstant()
          .isBefore(world.now());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public void close() {
    SupervisedTask running = task;
    if (running != null) {
      running.close();
    }
  }
}
