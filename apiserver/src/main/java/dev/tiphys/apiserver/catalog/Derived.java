package dev.tiphys.apiserver.catalog;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What follows from the resources that are served: made when it is first asked for, and anew once
/// others are served.
///
/// Threads: any; two that ask at the same time may both make it.
public final class Derived<T> {

  private final Catalog catalog;
  private final Function<CatalogSnapshot, T> make;
  private volatile @Nullable Made<T> made;

  private record Made<T>(CatalogSnapshot from, T value) {}

  public Derived(Catalog catalog, Function<CatalogSnapshot, T> make) {
    this.catalog = catalog;
    this.make = make;
  }

  /// What follows from the resources that are served now.
  public T now() {
    CatalogSnapshot snapshot = catalog.snapshot();
    Made<T> known = made;
    if (known == null || known.from != snapshot) {
      known = new Made<>(snapshot, make.apply(snapshot));
      made = known;
    }
    return known.value;
  }
}
