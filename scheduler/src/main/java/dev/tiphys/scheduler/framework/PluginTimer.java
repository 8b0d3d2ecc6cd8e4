package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.framework.PermitPlugin.Permission;
import dev.tiphys.scheduler.framework.PostFilterPlugin.PostFilterResult;
import dev.tiphys.scheduler.metrics.PluginMetrics;
import dev.tiphys.scheduler.metrics.SchedulerMetrics.Point;
import dev.tiphys.scheduler.verdict.PreFilterResult;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// Takes the time of plugins.
///
/// Threads: any.
public record PluginTimer(World world, PluginMetrics metrics) {

  /// What a plugin is asked.
  public interface Call<T extends @Nullable Object, E extends Exception> {
    T ask() throws E;
  }

  <T extends @Nullable Object, E extends Exception> T timed(
      Point point, Plugin plugin, Call<T, E> call) throws E {
    long begin = world.nanoTime();
    String status = "Error";
    try {
      T answer = call.ask();
      status = status(answer);
      return answer;
    } finally {
      metrics.ran(plugin.name(), point, status, world.nanoTime() - begin);
    }
  }

  /// Upstream's word for what a plugin says.
  private static String status(@Nullable Object answer) {
    return switch (answer) {
      case Rejection _, Permission.Denied _ -> "Unschedulable";
      case Permission.Wait _ -> "Wait";
      case PreFilterResult result when result == PreFilterResult.SKIP -> "Skip";
      case PreFilterResult result when result.refusal() != null -> "Unschedulable";
      case PostFilterResult result when !result.helps() -> "Unschedulable";
      case Boolean done when !done -> "Skip";
      case null, default -> "Success";
    };
  }
}
