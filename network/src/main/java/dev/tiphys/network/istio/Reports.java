package dev.tiphys.network.istio;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says of objects what is in their way: in the condition `Reconciled` of their status, and in an
/// event when that changes. Nothing is written of an object that is well and was.
///
/// Threads: one.
final class Reports implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Reports.class.getName());

  /// What events are from.
  static final String COMPONENT = "tiphys-mesh";

  private static final String TYPE = "Reconciled";

  /// The field of a status that outlives this process: what is served while a change is held.
  private static final String SERVED = "servedSpec";

  private final World world;
  private final Api api;
  private final EventRecorder events;
  private final Map<ObjectKey, String> told = new HashMap<>();

  Reports(World world, Api api) {
    this.world = world;
    this.api = api;
    this.events = new EventRecorder(world, api, COMPONENT, "");
  }

  void tell(List<Plan.Report> reports) {
    reports.forEach(this::tell);
    told.keySet()
        .retainAll(reports.stream().map(each -> key(each.object())).collect(Collectors.toSet()));
  }

  private static ObjectKey key(Struct object) {
    ObjectKey key = ObjectKey.of(object);
    return new ObjectKey(key.namespace(), object.string("kind") + "/" + key.name());
  }

  private void tell(Plan.Report report) {
    Struct object = report.object();
    String reason = reason(report);
    String message = message(report);
    String before = told.put(key(object), reason + message);
    if (!report.isWell() && !(reason + message).equals(before)) {
      events.warning(object, reason, message);
    }
    Struct present = Meta.condition(object, TYPE);
    String status = report.isHeld() ? "False" : "True";
    boolean same =
        present == null
            ? report.isWell()
            : present.string("status").equals(status)
                && present.string("reason").equals(reason)
                && present.string("message").equals(message);
    if (!same || !Objects.equals(served(object), report.held())) {
      write(report, status, reason, message);
    }
  }

  /// By what `spec` an object is served that is held; null if none is.
  static @Nullable Struct served(Struct object) {
    Struct served = object.struct("status", SERVED);
    return served.isEmpty() ? null : served;
  }

  private static String reason(Plan.Report report) {
    if (report.isHeld()) {
      return "Held";
    }
    if (!report.missing().isEmpty()) {
      return "NoEndpoints";
    }
    return report.problems().isEmpty() ? "Served" : "PartlyServed";
  }

  private static String message(Plan.Report report) {
    List<String> all = new ArrayList<>(report.missing());
    all.addAll(report.problems());
    String said = String.join("; ", all);
    return report.isHeld() ? "Served as before the last change: " + said : said;
  }

  private void write(Plan.Report report, String status, String reason, String message) {
    Struct object = report.object();
    List<Struct> conditions = new ArrayList<>();
    Struct old = null;
    for (Struct each : object.structs("status", "conditions")) {
      if (each.string("type").equals(TYPE)) {
        old = each;
      } else {
        conditions.add(each);
      }
    }
    boolean stays = old != null && old.string("status").equals(status);
    String since =
        stays && old != null ? old.string("lastTransitionTime") : Timestamps.seconds(world.now());
    conditions.add(
        Struct.of("type", TYPE, "status", status)
            .with("reason", reason)
            .with("message", message)
            .with("lastTransitionTime", since));
    try {
      ApiResource resource =
          switch (object.string("kind")) {
            case "Gateway" -> IstioResources.GATEWAYS;
            case "DestinationRule" -> IstioResources.DESTINATION_RULES;
            default -> IstioResources.VIRTUAL_SERVICES;
          };
      Struct told = object.struct("status").without(SERVED).with("conditions", conditions);
      Struct held = report.held();
      api.update(
          resource, object.with("status", held == null ? told : told.with(SERVED, held)), "status");
    } catch (ApiException e) {
      // the object has changed meanwhile, and will be looked at again
      LOG.log(
          System.Logger.Level.DEBUG,
          "the status of {0} is not written: {1}",
          ObjectKey.of(object),
          e.message());
    }
  }

  @Override
  public void close() {
    events.close();
  }
}
