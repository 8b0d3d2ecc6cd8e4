package dev.tiphys.scheduler.plugins;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.framework.Score;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.framework.SurveyScore;
import java.util.List;

/// Likes nodes that have the images already, the larger the better; less so an image that is on few
/// nodes, or its Pods would all crowd there.
final class ImageLocality implements ScorePlugin {

  private static final long MIB = 1024 * 1024;
  private static final long SMALLEST = 23 * MIB;
  private static final long LARGEST_OF_ONE = 1000 * MIB;

  private final Cluster cluster;

  ImageLocality(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public long weight() {
    return 1;
  }

  @Override
  public Score preScore(PodTemplate pod) {
    return new Images(pod.images());
  }

  private final class Images implements SurveyScore {
    private final List<String> images;
    private long nodes;

    Images(List<String> images) {
      this.images = images;
    }

    @Override
    public void note(NodeInfo node) {}

    @Override
    public boolean begin(List<NodeInfo> all, List<NodeInfo> feasible) {
      nodes = all.size();
      return images.stream().anyMatch(image -> cluster.nodesWithImage(image) > 0);
    }

    @Override
    public long score(NodeInfo node) {
      long sum = 0;
      for (String image : images) {
        Long size = node.facts().images().get(image);
        if (size != null) {
          sum += (long) (size * ((double) cluster.nodesWithImage(image) / nodes));
        }
      }
      long largest = LARGEST_OF_ONE * images.size();
      long within = Math.max(SMALLEST, Math.min(sum, largest));
      return Score.MAX * (within - SMALLEST) / (largest - SMALLEST);
    }
  }
}
