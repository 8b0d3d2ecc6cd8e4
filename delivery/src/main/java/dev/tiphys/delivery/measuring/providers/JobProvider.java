package dev.tiphys.delivery.measuring.providers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.delivery.measuring.Measurement;
import dev.tiphys.delivery.measuring.MeasuringException;
import dev.tiphys.delivery.measuring.Metric;
import dev.tiphys.delivery.measuring.Provider;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Measures by running a Job: its success is the measurement's.
///
/// One whose images can't be pulled will not get further, and can't tell.
public final class JobProvider implements Provider {

  private static final String RUN_UID = "analysisrun.argoproj.io/uid";
  private static final String NAME = "job-name";
  private static final String NAMESPACE = "job-namespace";
  private static final int LONGEST_NAME = 63; // it is a label of the Job's Pods

  private static final Set<String> HOPELESS =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName");

  private final World world;
  private final Api api;
  private final Informer jobs;

  /// @param jobs all Jobs
  public JobProvider(World world, Api api, Informer jobs) {
    this.world = world;
    this.api = api;
    this.jobs = jobs;
  }

  @Override
  public Measurement begin(Struct run, Metric metric) {
    Instant now = world.now();
    Struct job = job(run, metric);
    Meta meta = Meta.of(job);
    try {
      Struct _ = api.create(ApiResource.JOBS, job);
    } catch (ApiException e) {
      // it may have been made by a look whose status was lost
      if (!e.is(Reason.ALREADY_EXISTS) || !isOurs(run, meta)) {
        throw e;
      }
    }
    return Measurement.running(
        now, Struct.of(NAME, meta.name(), NAMESPACE, meta.namespace()), now.plusSeconds(1));
  }

  private boolean isOurs(Struct run, Meta job) {
    Struct present = api.find(ApiResource.JOBS, job.namespace(), job.name());
    return present != null && Meta.of(present).isControlledBy(Meta.of(run).uid());
  }

  private static Struct job(Struct run, Metric metric) {
    Meta owner = Meta.of(run);
    Struct given = metric.provider().struct("job");
    Struct labels = given.struct("metadata", "labels").with(RUN_UID, owner.uid());
    Struct annotations =
        StructBuilder.from(given.struct("metadata", "annotations"))
            .add("analysisrun.argoproj.io/name", owner.name())
            .add("analysisrun.argoproj.io/namespace", owner.namespace())
            .add("analysisrun.argoproj.io/metric-name", metric.name())
            .build();
    Struct metadata =
        new StructBuilder()
            .add("name", name(run, metric))
            .add("namespace", owner.namespace())
            .add("labels", labels)
            .add("annotations", annotations)
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    return new StructBuilder()
        .add("apiVersion", ApiResource.JOBS.apiVersion())
        .add("kind", ApiResource.JOBS.kind())
        .add("metadata", metadata)
        .add(
            "spec",
            given.struct("spec").withAt(owner.uid(), "template", "metadata", "labels", RUN_UID))
        .build();
  }

  /// A name that no other measurement of the run has.
  private static String name(Struct run, Metric metric) {
    long number = 1;
    for (Struct result : run.structs("status", "metricResults")) {
      if (result.string("name").equals(metric.name())) {
        number += result.integer("count") + result.integer("error");
      }
    }
    String begin = Meta.of(run).uid() + ".";
    String end = "." + number;
    int room = LONGEST_NAME - begin.length() - end.length();
    String middle = metric.name();
    return begin + middle.substring(0, Math.min(room, middle.length())) + end;
  }

  @Override
  public Measurement resume(Struct run, Metric metric, Measurement measurement) {
    String name = name(measurement);
    String namespace = measurement.metadata().string(NAMESPACE);
    Struct known = jobs.find(namespace, name);
    Struct job = known == null ? api.get(ApiResource.JOBS, namespace, name) : known;
    Instant now = world.now();
    if (Meta.isTrue(job, "Complete")) {
      return measurement.ended(AnalysisPhase.SUCCESSFUL, "", now);
    }
    if (Meta.isTrue(job, "Failed")) {
      return measurement.ended(AnalysisPhase.FAILED, "", now);
    }
    if (measurement.resume() != null && measurement.resume().isAfter(now)) {
      return measurement;
    }
    String hopeless = hopeless(namespace, name);
    if (!hopeless.isEmpty()) {
      return measurement.ended(AnalysisPhase.INCONCLUSIVE, hopeless, now);
    }
    double elapsed = Duration.between(measurement.started(), now).toMillis() / 1000.0;
    return measurement.resumedAt(now.plusSeconds(1 + (long) Math.sqrt(2 * elapsed)));
  }

  private static String name(Measurement measurement) {
    String name = measurement.metadata().string(NAME);
    if (name.isEmpty()) {
      throw new MeasuringException("job metadata reference missing");
    }
    return name;
  }

  /// What keeps a Job's containers from ever starting; empty if nothing does.
  private String hopeless(String namespace, String job) {
    ListOptions ofJob = ListOptions.withLabels("batch.kubernetes.io/job-name=" + job);
    for (Struct pod : api.list(ApiResource.PODS, namespace, ofJob).items()) {
      List<Struct> containers =
          Stream.of("initContainerStatuses", "containerStatuses")
              .flatMap(field -> pod.structs("status", field).stream())
              .toList();
      for (Struct container : containers) {
        Struct waiting = container.struct("state", "waiting");
        if (HOPELESS.contains(waiting.string("reason"))) {
          return "Pod %s, container %s has terminal error (%s): %s"
              .formatted(
                  Meta.of(pod).name(),
                  container.string("name"),
                  waiting.string("reason"),
                  waiting.string("message"));
        }
      }
    }
    return "";
  }

  @Override
  public Measurement end(Struct run, Metric metric, Measurement measurement) {
    try {
      Struct _ =
          api.delete(
              ApiResource.JOBS,
              measurement.metadata().string(NAMESPACE),
              name(measurement),
              DeleteOptions.withPropagation("Foreground"));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
    return measurement.ended(AnalysisPhase.INCONCLUSIVE, "", world.now());
  }
}
