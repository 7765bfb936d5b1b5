// How the page of write_viewer_page is used: views, frames, numbers.

function tableRow(person) {
  const row = document.createElement('tr');
  const first = row.insertCell();
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = !hidden.has(person.name);
  box.title = 'Show';
  box.onchange = () => {
    if (box.checked) hidden.delete(person.name); else hidden.add(person.name);
    meshOf(person).visible = box.checked;
    draw();
  };
  const swatch = document.createElement('i');
  swatch.style.background = person.color;
  label.append(box, swatch, person.name);
  first.append(label);
  for (const value of [...person.position, person.height]) {
    row.insertCell().textContent = value.toFixed(2).replace('-', '\u2212');
  }
  return row;
}

// Middle and radius of who is in this frame, in the scene's axes.
function peopleSphere() {
  const box = new THREE.Box3();
  world.updateMatrixWorld();
  for (const mesh of meshes.values()) {
    if (!mesh.visible) continue;
    mesh.geometry.computeBoundingBox();
    box.union(mesh.geometry.boundingBox.clone().applyMatrix4(world.matrixWorld));
  }
  if (box.isEmpty()) return new THREE.Sphere(new THREE.Vector3(0, 0, -4), 1);
  return box.getBoundingSphere(new THREE.Sphere());
}

function look(view) {
  const {center, radius} = peopleSphere();
  camera.up.set(0, 1, 0);
  if (view === 'camera') {
    const frame = data.frames[current];
    const [fx, fy, cx, cy] = frame.K;
    const [width, height] = frame.size;
    const vertical = Math.max(cy, height - cy) / fy;
    const horizontal = Math.max(cx, width - cx) / fx;
    const tangent = Math.max(vertical, horizontal / camera.aspect);
    camera.fov = 2 * Math.atan(tangent) * 180 / Math.PI;
    camera.position.set(0, 0, 0);
    controls.target.set(0, 0, center.z);
  } else {
    camera.fov = 35;
    const directions = {
      front: [0, 0, 1], side: [1, 0, 0], back: [0, 0, -1], top: [0, 1, 0.001],
    };
    const half = Math.tan(camera.fov / 2 * Math.PI / 180);
    const away = 1.15 * radius / (half * Math.min(1, camera.aspect));
    camera.position.fromArray(directions[view]).multiplyScalar(away);
    camera.position.add(center);
    controls.target.copy(center);
  }
  camera.updateProjectionMatrix();
  controls.update();
  draw();
}

function resize() {
  renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
  renderer.setSize(window.innerWidth, window.innerHeight, false);
  camera.aspect = window.innerWidth / window.innerHeight;
  camera.updateProjectionMatrix();
  draw();
}

let playing = false, nextTime = 0;

function play(on) {
  playing = on;
  element('play').textContent = on ? '❚❚' : '▶';
  if (on) {
    nextTime = performance.now();
    requestAnimationFrame(advance);
  }
}

function advance(now) {
  if (!playing) return;
  const due = Math.floor((now - nextTime) * data.fps / 1000);
  if (due > 0) {
    nextTime += due * 1000 / data.fps;
    show((current + due) % data.frames.length);
  }
  requestAnimationFrame(advance);
}

controls.addEventListener('change', draw);
renderer.domElement.addEventListener('webglcontextrestored', draw);
window.addEventListener('resize', resize);
element('slider').max = data.frames.length - 1;
element('slider').oninput = (event) => {
  play(false);
  show(Number(event.target.value));
};
element('play').onclick = () => play(!playing);
element('wireframe').onchange = (event) => {
  for (const mesh of meshes.values()) {
    mesh.material.wireframe = event.target.checked;
  }
  draw();
};
element('grid').onchange = (event) => {
  grid.visible = event.target.checked;
  draw();
};
element('photo').onchange = () => {
  loadPhoto(data.frames[current], current);
  draw();
};
for (const button of element('views').children) {
  button.onclick = () => look(button.dataset.view);
}
window.addEventListener('keydown', (event) => {
  const steps = {ArrowRight: 1, ArrowLeft: -1};
  if (event.target.id !== 'slider' && event.key in steps) {
    const count = data.frames.length;
    show((current + steps[event.key] + count) % count);
  } else if (event.key === ' ' && event.target.tagName !== 'BUTTON') {
    event.preventDefault();
    play(!playing);
  }
});

const hasPhotos = data.frames.some((frame) => frame.photo);
element('photo-option').hidden = !hasPhotos;
element('photo').checked = hasPhotos;
element('grid').checked = grid.visible = !hasPhotos;
document.body.classList.toggle('single', data.frames.length === 1);
resize();
show(0);
look(hasPhotos ? 'camera' : 'front');
