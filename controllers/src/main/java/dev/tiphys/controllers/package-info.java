/// What keeps the cluster as it is wanted: one package a controller.
package dev.tiphys.controllers;
