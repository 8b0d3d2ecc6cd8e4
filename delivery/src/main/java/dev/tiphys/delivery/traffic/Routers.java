package dev.tiphys.delivery.traffic;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The routers there are, by the fields of `trafficRouting` that ask for them.
///
/// @param makers what makes each; those of plugins by `plugins/NAME`
public record Routers(Map<String, Function<Routing, TrafficRouter>> makers) {

  private static final List<String> SETTINGS =
      List.of("managedRoutes", "maxTrafficWeight", "plugins");

  public Routers {
    makers = Map.copyOf(makers);
  }

  /// The routers that a Rollout asks for.
  ///
  /// @throws RoutingException if there is none of that name
  public List<TrafficRouter> of(Routing routing) {
    Struct wanted = routing.pass().rollout().canary().trafficRouting();
    List<TrafficRouter> all = new ArrayList<>();
    for (String name : names(wanted)) {
      Function<Routing, TrafficRouter> maker = makers.get(name);
      if (maker == null) {
        throw new RoutingException("no traffic router " + name);
      }
      all.add(maker.apply(routing));
    }
    return all;
  }

  private static List<String> names(Struct wanted) {
    List<String> names = new ArrayList<>(wanted.names());
    names.removeAll(SETTINGS);
    wanted.struct("plugins").names().forEach(name -> names.add("plugins/" + name));
    return names;
  }
}
