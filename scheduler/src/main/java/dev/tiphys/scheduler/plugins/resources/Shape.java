package dev.tiphys.scheduler.plugins.resources;

import dev.tiphys.object.Struct;
import java.util.List;

/// A score for each share of a resource that is taken: straight lines between points.
///
/// @param points in the order of their shares
record Shape(List<Point> points) {

  /// A configured score is at most 10, one of a node at most 100.
  private static final long SCALE = 10;

  /// @param share in percent
  record Point(long share, long score) {}

  static Shape of(List<Struct> points) {
    return new Shape(
        points.stream()
            .map(point -> new Point(point.integer("utilization"), point.integer("score") * SCALE))
            .toList());
  }

  long at(long share) {
    for (int i = 0; i < points.size(); i++) {
      Point right = points.get(i);
      if (share <= right.share) {
        if (i == 0) {
          return right.score;
        }
        Point left = points.get(i - 1);
        return left.score
            + (right.score - left.score) * (share - left.share) / (right.share - left.share);
      }
    }
    return points.getLast().score;
  }
}
