package dev.tiphys.delivery.measuring;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.delivery.condition.ConditionException;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.delivery.model.Refusal;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One look at one AnalysisRun that is not over: takes the measurements that are due, and works out
/// the status that comes of them.
///
/// Measurements that are due together are taken beside each other.
///
/// Threads: one, and those that it starts and waits for.
final class RunLook {

  private static final long KEPT = 10;

  private final World world;
  private final Api api;
  private final EventRecorder events;
  private final Providers providers;
  private final Struct run;
  private final Map<String, MetricResult> results = new LinkedHashMap<>();
  private Struct status;

  RunLook(World world, Api api, EventRecorder events, Providers providers, Struct run) {
    this.world = world;
    this.api = api;
    this.events = events;
    this.providers = providers;
    this.run = run;
    this.status = run.struct("status");
    for (Struct result : status.structs("metricResults")) {
      results.put(result.string("name"), new MetricResult(result));
    }
  }

  /// The status as it is after the look.
  Struct status() {
    return status;
  }

  /// Takes the look.
  ///
  /// @return when the next one is due; null if only something that happens makes it so
  @Nullable Instant take() throws InterruptedException {
    List<Metric> metrics;
    Set<String> dryRuns;
    Map<String, Long> retentions;
    try {
      metrics = RunArguments.withoutSecrets(run).metrics(run);
    } catch (IllegalArgumentException e) {
      return refuse("Unable to resolve metric arguments: " + e.getMessage());
    }
    try {
      MetricRules.check(metrics);
      dryRuns = MetricRules.dryRuns(run.structs("spec", "dryRun"), metrics);
      retentions = MetricRules.retentions(run.structs("spec", "measurementRetention"), metrics);
    } catch (IllegalArgumentException e) {
      return refuse("Analysis spec invalid: " + e.getMessage());
    }
    Schedule schedule = new Schedule(run, results, world.now());
    List<Metric> due = metrics.stream().filter(schedule::isDue).toList();
    if (!due.isEmpty()) {
      RunArguments arguments;
      try {
        arguments = RunArguments.of(api, run);
      } catch (IllegalArgumentException e) {
        return refuse("Unable to resolve metric arguments: " + e.getMessage());
      } catch (ApiException e) {
        Refusal.orThrow(e);
        return refuse("Unable to resolve metric arguments: " + e.message());
      }
      measure(due, arguments, dryRuns);
    }
    conclude(metrics, dryRuns);
    results.replaceAll(
        (name, result) -> {
          long kept = retentions.getOrDefault(name, 0L);
          return result.trimmed(kept > 0 ? kept : KEPT);
        });
    write();
    return AnalysisPhase.isComplete(status.string("phase"))
        ? null
        : new Schedule(run.with("status", status), results, world.now()).next(metrics);
  }

  private @Nullable Instant refuse(String message) {
    end(AnalysisPhase.ERROR, message);
    return null;
  }

  private void measure(List<Metric> due, RunArguments arguments, Set<String> dryRuns)
      throws InterruptedException {
    Map<String, Metric> resolved = new LinkedHashMap<>();
    arguments.metrics(run).forEach(metric -> resolved.put(metric.name(), metric));
    List<Task> beside = new ArrayList<>();
    for (Metric plain : due) {
      Metric metric = resolved.getOrDefault(plain.name(), plain);
      Runnable work = () -> measure(metric, arguments, dryRuns.contains(metric.name()));
      if (plain == due.getLast()) {
        work.run();
      } else {
        beside.add(world.start("measurement", work));
      }
    }
    for (Task task : beside) {
      task.join();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException(); // what was measured is not known: it is measured anew
    }
  }

  private void measure(Metric metric, RunArguments arguments, boolean dryRun) {
    MetricResult before;
    synchronized (results) {
      before = results.get(metric.name());
    }
    Measurement running = before == null ? null : before.last();
    if (running != null && running.phase().isComplete()) {
      running = null;
    }
    Instant started = running == null ? world.now() : running.started();
    Struct metadata = before == null ? Struct.EMPTY : before.stored().struct("metadata");
    Measurement measurement;
    try {
      Provider provider = providers.of(metric);
      metadata = provider.metadata(metric);
      measurement = taken(provider, metric, running);
    } catch (MeasuringException e) {
      measurement = failed(running, started, e.message());
    } catch (ConditionException e) {
      measurement = failed(running, started, e.message());
    } catch (ApiException e) {
      measurement = failed(running, started, e.message());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (measurement.phase().isComplete() && measurement.finished() == null) {
      measurement = measurement.ended(measurement.phase(), measurement.message(), world.now());
    }
    measurement = measurement.withMessage(arguments.hidden(measurement.message()));
    MetricResult result =
        before == null ? MetricResult.begun(metric.name(), dryRun, metadata) : before;
    synchronized (results) {
      results.put(metric.name(), result.with(measurement));
    }
  }

  private Measurement taken(Provider provider, Metric metric, @Nullable Measurement running)
      throws InterruptedException {
    if (running == null) {
      return provider.begin(run, metric);
    }
    if (!isEnding()) {
      return provider.resume(run, metric, running);
    }
    Measurement ended = provider.end(run, metric, running);
    boolean isFine =
        ended.phase() == AnalysisPhase.SUCCESSFUL || ended.phase() == AnalysisPhase.INCONCLUSIVE;
    return isFine ? ended.withMessage("Metric Terminated") : ended;
  }

  private Measurement failed(@Nullable Measurement running, Instant started, String message) {
    Measurement base = running == null ? Measurement.running(started, Struct.EMPTY, null) : running;
    return base.ended(AnalysisPhase.ERROR, message, world.now());
  }

  private boolean isEnding() {
    return Schedule.isEnding(run, results);
  }

  private void conclude(List<Metric> metrics, Set<String> dryRuns) {
    boolean ending = isEnding();
    if (!status.has("startedAt")) {
      status = status.with("startedAt", Timestamps.seconds(world.now()));
    }
    Worst worst = new Worst(run.bool("spec", "terminate") ? "Run Terminated" : "");
    Summary counted = new Summary();
    Summary dry = new Summary();
    boolean complete = true;
    for (Metric metric : metrics) {
      boolean dryRun = dryRuns.contains(metric.name());
      Summary summary = dryRun ? dry : counted;
      summary.count("count");
      MetricResult result = results.get(metric.name());
      if (result == null) {
        complete = false;
        continue;
      }
      result = assessed(metric, result, ending);
      if (!result.phase().isComplete()) {
        complete = false;
      } else {
        Assessment.Excess excess = new Assessment(metric, result).excess();
        AnalysisPhase phase = excess == null ? AnalysisPhase.SUCCESSFUL : excess.phase();
        summary.count(phase.text().toLowerCase(Locale.ROOT));
        if (dryRun) {
          worst.dry();
          if (excess != null) {
            result =
                result.withMessage(
                    "Metric assessed " + result.phase().text() + " due to " + excess.why());
          }
        } else {
          worst.add(metric.name(), result, excess == null ? "" : excess.why());
        }
      }
      results.put(metric.name(), result);
    }
    status = status.with("runSummary", counted.stored()).with("dryRunSummary", dry.stored());
    AnalysisPhase phase = worst.phase();
    if (ending) {
      end(phase == null ? AnalysisPhase.SUCCESSFUL : phase, worst.message());
    } else if (complete && phase != null) {
      end(phase, worst.message());
    } else {
      status = status.with("phase", AnalysisPhase.RUNNING.text());
    }
  }

  private MetricResult assessed(Metric metric, MetricResult result, boolean ending) {
    AnalysisPhase phase = new Assessment(metric, result).phase(ending);
    if (phase == result.phase()) {
      return result;
    }
    if (phase.isComplete()) {
      record(
          phase,
          "Metric",
          "Metric '%s' Completed. Result: %s".formatted(metric.name(), phase.text()));
    }
    Measurement last = result.last();
    return (last == null ? result : result.withMessage(last.message())).withPhase(phase);
  }

  private void end(AnalysisPhase phase, String message) {
    if (phase.isComplete()) {
      record(phase, "AnalysisRun", "Analysis Completed. Result: " + phase.text());
      status = status.with("completedAt", Timestamps.seconds(world.now()));
    }
    status = status.with("phase", phase.text());
    status = message.isEmpty() ? status.without("message") : status.with("message", message);
  }

  private void record(AnalysisPhase phase, String of, String message) {
    if (phase.isWarning()) {
      events.warning(run, of + phase.text(), message);
    } else {
      events.normal(run, of + phase.text(), message);
    }
  }

  private void write() {
    List<Struct> all = results.values().stream().map(MetricResult::stored).toList();
    status = all.isEmpty() ? status : status.with("metricResults", all);
  }
}
