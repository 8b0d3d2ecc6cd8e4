package dev.tiphys.network.ingress;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.ingress.annotations.AccessAnnotations;
import dev.tiphys.network.ingress.annotations.Annotations;
import dev.tiphys.network.ingress.annotations.LimitAnnotations;
import dev.tiphys.network.router.filters.AnyOf;
import dev.tiphys.network.router.filters.AuthSettings;
import dev.tiphys.network.router.filters.ClientAddresses;
import dev.tiphys.network.router.filters.ContentSize;
import dev.tiphys.network.router.filters.Cors;
import dev.tiphys.network.router.filters.Refusal;
import dev.tiphys.network.router.filters.ResponseRate;
import dev.tiphys.network.router.filters.SecureHeaders;
import dev.tiphys.network.router.filters.Unlogged;
import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What looks at the requests of a location before they go to its backend.
final class LocationFilters {

  /// What browsers are told by default once they came by TLS (RFC 6797): a year of it.
  private static final Filter SECURE_ONLY =
      new SecureHeaders(
          new HeaderEdits(
              List.of(),
              Map.of("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
              Map.of()));

  private static final Filter UNLOGGED = new Unlogged();

  private final Location location;
  private final Annotations annotations;
  private final Surroundings with;

  LocationFilters(Location location, Surroundings with) {
    this.location = location;
    this.annotations = location.annotations();
    this.with = with;
  }

  /// In the order in which they look at a request.
  List<Filter> all() {
    List<Filter> filters = new ArrayList<>(List.of(SECURE_ONLY));
    if (!annotations.flag("enable-access-log", true)) {
      filters.add(UNLOGGED);
    }
    annotations.backend().names().ifPresent(filters::add);
    Cors cors = annotations.cors();
    if (cors != null) {
      filters.add(cors);
    }
    annotations.limits().contentSize().ifPresent(most -> filters.add(new ContentSize(most)));
    addHeaders(filters);
    addLimits(filters);
    if (annotations.isClosed()) {
      filters.add(new Refusal(503));
    }
    List<Filter> access = access();
    if (annotations.access().satisfiesAny() && access.size() > 1) {
      filters.add(new AnyOf(access));
    } else {
      filters.addAll(access);
    }
    return filters;
  }

  private void addHeaders(List<Filter> filters) {
    String named = annotations.text("custom-headers");
    if (named != null) {
      filters.add(with.headers(location, named));
    }
  }

  private void addLimits(List<Filter> filters) {
    LimitAnnotations limits = annotations.limits();
    List<Prefix> exempt = limits.exempt();
    if (limits.connections() > 0) {
      filters.add(with.concurrency(location, limits.connections(), exempt));
    }
    int perSecond = limits.perSecond();
    if (perSecond > 0) {
      filters.add(with.rate(location, perSecond, perSecond * limits.burst(), exempt));
    }
    int perMinute = limits.perMinute();
    if (perMinute > 0) {
      filters.add(with.rate(location, perMinute / 60.0, perMinute * limits.burst(), exempt));
    }
    if (limits.rate() > 0) {
      filters.add(new ResponseRate(limits.rate(), limits.rateAfter()));
    }
  }

  private List<Filter> access() {
    AccessAnnotations said = annotations.access();
    List<Filter> access = new ArrayList<>();
    List<Prefix> allowed = said.allowed();
    List<Prefix> denied = said.denied();
    if (!allowed.isEmpty() || !denied.isEmpty()) {
      access.add(new ClientAddresses(allowed, denied));
    }
    AccessAnnotations.PasswordSecret passwords = said.passwords();
    if (passwords != null) {
      access.add(with.passwords(location, passwords));
    }
    AuthSettings external = said.external();
    if (external != null) {
      access.add(with.external(location, external));
    }
    return access;
  }
}
