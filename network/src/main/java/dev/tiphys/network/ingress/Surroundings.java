package dev.tiphys.network.ingress;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.ingress.annotations.AccessAnnotations;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.filters.AuthSettings;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Mirror;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What routes are made with that outlives them, or is not theirs to know.
interface Surroundings {

  /// The backend of a location.
  Backend backend(Location location, BackendPolicy policy);

  /// Where pages in the place of failed answers come from; null if nowhere.
  @Nullable Backend errors(Location location);

  /// What has requests copied; null if it can't be had.
  @Nullable Mirror mirror(Location location, String target);

  /// Is told of locations that are left out, and why.
  void refuse(Location location, String why);

  Filter passwords(Location location, AccessAnnotations.PasswordSecret secret);

  Filter external(Location location, AuthSettings settings);

  Filter rate(Location location, double perSecond, int burst, List<Prefix> exempt);

  Filter concurrency(Location location, int most, List<Prefix> exempt);

  /// What looks at the certificates of the clients of a host.
  ClientCheck certificates(Location location, AccessAnnotations.ClientAsked asked);

  /// What gives responses the headers that a ConfigMap has.
  Filter headers(Location location, String configMap);
}
