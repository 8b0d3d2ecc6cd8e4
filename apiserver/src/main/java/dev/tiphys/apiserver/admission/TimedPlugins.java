package dev.tiphys.apiserver.admission;

import dev.tiphys.metrics.Histogram;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plugins one after the other, each of them timed. A look at the clock ends the time of one plugin
/// and begins that of the next; those that have no part in a step are not asked.
final class TimedPlugins implements Admission {

  private final AdmissionMetrics metrics;
  private final List<Timed> changing;
  private final List<Timed> refusing;
  private final Times admit;
  private final Times validate;

  private record Timed(Admission plugin, Times times) {}

  TimedPlugins(AdmissionMetrics metrics, List<Plugins.Named> plugins) {
    this.metrics = metrics;
    this.changing = taking(plugins, "mutate", "admit");
    this.refusing = taking(plugins, "validate", "validate");
    this.admit = new Times("", "admit");
    this.validate = new Times("", "validate");
  }

  /// The plugins that have a method of their own.
  private List<Timed> taking(List<Plugins.Named> plugins, String method, String type) {
    List<Timed> all = new ArrayList<>();
    for (Plugins.Named each : plugins) {
      if (has(each.plugin(), method)) {
        all.add(new Timed(each.plugin(), new Times(each.name(), type)));
      }
    }
    return List.copyOf(all);
  }

  private static boolean has(Admission plugin, String method) {
    try {
      return plugin
              .getClass()
              .getMethod(method, Request.class, Struct.class, Struct.class)
              .getDeclaringClass()
          != Admission.class;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The histograms of a plugin in a step, each made when it is first needed.
  private final class Times {
    private final String plugin;
    private final String type;
    private final @Nullable Histogram[] passed = new Histogram[Operation.values().length];

    Times(String plugin, String type) {
      this.plugin = plugin;
      this.type = type;
    }

    void passed(Operation operation, long span) {
      Histogram known = passed[operation.ordinal()];
      if (known == null) { // several threads may find the same one
        known = metrics.times(plugin, operation, false, type);
        passed[operation.ordinal()] = known;
      }
      known.record(span);
    }

    void refused(Operation operation, long span) {
      metrics.times(plugin, operation, true, type).record(span);
    }
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    Operation operation = request.operation();
    long first = metrics.nanoTime();
    long begun = first;
    Struct admitted = object;
    for (Timed each : changing) {
      try {
        admitted = each.plugin.mutate(request, admitted, old);
      } catch (RuntimeException e) {
        refused(each, operation, begun, admit, first);
        throw e;
      }
      long now = metrics.nanoTime();
      each.times.passed(operation, now - begun);
      begun = now;
    }
    admit.passed(operation, begun - first);
    return admitted;
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    Operation operation = request.operation();
    long first = metrics.nanoTime();
    long begun = first;
    for (Timed each : refusing) {
      try {
        each.plugin.validate(request, object, old);
      } catch (RuntimeException e) {
        refused(each, operation, begun, validate, first);
        throw e;
      }
      long now = metrics.nanoTime();
      each.times.passed(operation, now - begun);
      begun = now;
    }
    validate.passed(operation, begun - first);
  }

  private void refused(Timed by, Operation operation, long begun, Times step, long first) {
    long now = metrics.nanoTime();
    by.times.refused(operation, now - begun);
    step.refused(operation, now - first);
  }
}
