/// Claims for the volumes of Pods that live as long as the Pod.
package dev.tiphys.controllers.ephemeralvolume;
