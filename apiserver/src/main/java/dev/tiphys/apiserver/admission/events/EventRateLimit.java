package dev.tiphys.apiserver.admission.events;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events are refused that come faster than they may: upstream's plugin of the same name.
public final class EventRateLimit implements Admission {

  private final World world;
  private final List<EventLimit> limits;

  /// @param configuration upstream's, with `limits`
  /// @throws IllegalArgumentException if it can't be used
  public EventRateLimit(World world, Struct configuration) {
    this.world = world;
    this.limits = configuration.structs("limits").stream().map(EventLimit::new).toList();
  }

  @Override
  public void validate(Request request, Struct event, @Nullable Struct old) {
    boolean writes =
        request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
    boolean bound = writes && request.resource().kind().equals("Event") && !request.call().dryRun();
    List<String> reached =
        bound
            ? limits.stream()
                .map(limit -> limit.take(request, event, world.now()))
                .filter(problem -> !problem.isEmpty())
                .toList()
            : List.of();
    if (!reached.isEmpty()) {
      throw ApiException.of(
          Reason.TOO_MANY_REQUESTS,
          reached.size() == 1 ? reached.getFirst() : "[" + String.join(", ", reached) + "]");
    }
  }
}
