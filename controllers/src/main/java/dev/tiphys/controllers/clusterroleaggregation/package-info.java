/// ClusterRoles that gather the rules of others.
package dev.tiphys.controllers.clusterroleaggregation;
