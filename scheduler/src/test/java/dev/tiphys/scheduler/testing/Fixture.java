package dev.tiphys.scheduler.testing;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplates;
import dev.tiphys.scheduler.framework.Evaluation;
import dev.tiphys.scheduler.framework.Nominations;
import dev.tiphys.scheduler.framework.Slots;
import dev.tiphys.scheduler.plugins.DefaultPlugins;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// A cluster without an API, and what the plugins make of it.
public final class Fixture {

  public final Cluster cluster = new Cluster();
  public final Nominations nominations = new Nominations();
  private final PodTemplates templates = new PodTemplates();
  private int pods;

  /// A struct, written as JSON with single quotes.
  public static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  /// Adds a node with 4 CPUs, 8 GiB and room for 10 Pods, or changes it.
  ///
  /// @param labels fields of an object
  /// @param more fields of the node, `spec` for one
  public NodeInfo node(String name, String labels, String more) {
    return node(
        name, labels, more, "'allocatable':{'cpu':'4','memory':'8Gi','pods':'10','gpu/a':'2'}");
  }

  /// @param status fields of its status
  public NodeInfo node(String name, String labels, String more, String status) {
    cluster.describe(
        NodeFacts.of(
            json(
                "{'metadata':{'name':'"
                    + name
                    + "','labels':{"
                    + labels
                    + "}}"
                    + (more.isEmpty() ? "" : "," + more)
                    + ",'status':{"
                    + status
                    + "}}")));
    return cluster.node(name);
  }

  public NodeInfo node(String name) {
    return node(name, "'kubernetes.io/hostname':'" + name + "'", "");
  }

  /// A Pod with a uid of its own in the namespace `default`.
  ///
  /// @param labels fields of an object
  /// @param spec fields of an object
  public PodInfo pod(String labels, String spec) {
    pods++;
    return PodInfo.of(
        json(
            "{'metadata':{'name':'pod-"
                + pods
                + "','namespace':'default','uid':'"
                + pods
                + "','resourceVersion':'"
                + pods
                + "','labels':{"
                + labels
                + "}},'spec':{"
                + spec
                + "}}"),
        templates);
  }

  /// Adds a Pod that is on a node.
  public PodInfo placed(String node, String labels, String spec) {
    PodInfo pod = pod(labels, spec + (spec.isEmpty() ? "" : ",") + "'nodeName':'" + node + "'");
    cluster.put(pod);
    return pod;
  }

  public Evaluation evaluation(PodInfo pod) {
    return new Evaluation(DefaultPlugins.of(cluster, List.of()), pod.template(), cluster);
  }

  /// The names of the nodes that a Pod can run on.
  public List<String> feasible(PodInfo pod) {
    Slots found = evaluation(pod).feasible(pod, nominations);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      names.add(cluster.nodeAt(found.at(i)).name());
    }
    names.sort(null);
    return names;
  }

  /// Why a Pod can run on no node.
  public String message(PodInfo pod) {
    Evaluation evaluation = evaluation(pod);
    evaluation.feasible(pod, nominations);
    return evaluation.diagnosis(pod, nominations).message(cluster.nodes().size());
  }

  /// The name of the best node for a Pod.
  public String best(PodInfo pod) {
    Evaluation evaluation = evaluation(pod);
    evaluation.feasible(pod, nominations);
    return cluster.nodeAt(evaluation.best(new SplittableRandom(1))).name();
  }
}
