/// How a Rollout and all that belongs to it is shown: a summary and a tree.
package dev.tiphys.cli.rollouts.view;
