package dev.tiphys.network.router.backends;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// A consistent hash: each endpoint has many points on a ring, and a hash belongs to the endpoint
/// of the point that follows it.
final class Ring {

  private static final int POINTS =
      160; // of each endpoint: shares differ by less than a tenth or so

  private final int[] points;
  private final int[] owners;

  private Ring(int[] points, int[] owners) {
    this.points = points;
    this.owners = owners;
  }

  static Ring of(List<Endpoint> endpoints) {
    record Point(int at, int owner) {}
    Point[] all = new Point[endpoints.size() * POINTS];
    for (int i = 0; i < all.length; i++) {
      int owner = i / POINTS;
      all[i] = new Point(mixed((endpoints.get(owner) + "#" + i % POINTS).hashCode()), owner);
    }
    Arrays.sort(all, Comparator.comparingInt(Point::at).thenComparingInt(Point::owner));
    return new Ring(
        Arrays.stream(all).mapToInt(Point::at).toArray(),
        Arrays.stream(all).mapToInt(Point::owner).toArray());
  }

  /// The place of the endpoint that a hash belongs to.
  int at(int hash) {
    int place = Arrays.binarySearch(points, mixed(hash));
    int next = place >= 0 ? place : -place - 1;
    return owners[next % owners.length];
  }

  /// Spreads hashes that are close to each other over the whole ring.
  private static int mixed(int hash) {
    int mixed = hash;
    mixed = (mixed ^ mixed >>> 16) * 0x85ebca6b;
    mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
    return mixed ^ mixed >>> 16;
  }
}
