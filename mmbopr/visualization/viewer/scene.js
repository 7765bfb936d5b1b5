// What is seen on the page of write_viewer_page. Data are in the camera frame of OpenCV
// (x right, y down, z forward, metres); the scene is turned to y up.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const element = (id) => document.getElementById(id);

function decode(text, Type) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Type(bytes.buffer);
}

// Vertices of one person, (V * 3) metres.
function decodeVertices(person) {
  const steps = decode(person.vertices, Int16Array);
  const {offset, step} = person;
  return Float32Array.from(steps, (s, i) => offset[i % 3] + step * s);
}

const renderer = new THREE.WebGLRenderer({
  canvas: element('scene'), antialias: true, alpha: true,
});
const scene = new THREE.Scene();
const camera = new THREE.PerspectiveCamera(50, 1, 0.02, 500);
const controls = new THREE.OrbitControls(camera, renderer.domElement);
controls.screenSpacePanning = true;

const world = new THREE.Group();
world.scale.set(1, -1, -1); // OpenCV's axes to those of the scene
scene.add(world);
scene.add(new THREE.HemisphereLight(0xffffff, 0x8d95a3, 1.5));
const keyLight = new THREE.DirectionalLight(0xffffff, 1.9);
keyLight.position.set(-0.45, 0.65, 0.7);
camera.add(keyLight); // the light goes with who looks
camera.add(keyLight.target);
scene.add(camera);

const faces = decode(data.faces, Uint32Array);
const meshes = new Map(); // person -> mesh, made when first seen
const hidden = new Set();

function meshOf(person) {
  if (!meshes.has(person.name)) {
    const geometry = new THREE.BufferGeometry();
    const position = new Float32Array(data.vertices * 3);
    geometry.setAttribute('position', new THREE.BufferAttribute(position, 3));
    geometry.setIndex(new THREE.BufferAttribute(faces, 1));
    const material = new THREE.MeshStandardMaterial({
      color: person.color, roughness: 0.62, metalness: 0,
      wireframe: element('wireframe').checked,
    });
    const mesh = new THREE.Mesh(geometry, material);
    mesh.frustumCulled = false;
    meshes.set(person.name, mesh);
    world.add(mesh);
  }
  return meshes.get(person.name);
}

// The photo stands where its camera sees it, behind everybody; from its back
// it is not seen.
const photo = new THREE.Mesh(
  new THREE.PlaneGeometry(1, 1),
  new THREE.MeshBasicMaterial({toneMapped: false}),
);
photo.visible = false;
world.add(photo);

function placePhoto(frame) {
  const [fx, fy, cx, cy] = frame.K;
  const [width, height] = frame.size;
  const depth = data.far;
  const left = -cx / fx * depth, right = (width - cx) / fx * depth;
  const top = -cy / fy * depth, bottom = (height - cy) / fy * depth;
  const corners = [left, top, depth, right, top, depth,
    left, bottom, depth, right, bottom, depth];
  const position = photo.geometry.getAttribute('position');
  position.copyArray(corners);
  position.needsUpdate = true;
  photo.geometry.computeBoundingSphere();
}

function loadPhoto(frame, number) {
  photo.visible = Boolean(frame.photo) && element('photo').checked;
  if (!photo.visible) return;
  placePhoto(frame);
  const image = new Image();
  image.onload = () => {
    if (number !== current) return; // another frame came in between
    photo.material.map?.dispose();
    const texture = new THREE.Texture(image);
    texture.colorSpace = THREE.SRGBColorSpace;
    texture.needsUpdate = true;
    photo.material.map = texture;
    photo.material.needsUpdate = true;
    draw();
  };
  image.src = frame.photo;
}

// The helper's lines are long; of one that passes the camera, software that
// draws without a graphics card shows nothing. So: a segment a metre.
function makeGrid(half) {
  const grid = new THREE.GridHelper();
  const corners = [];
  for (let i = -half; i <= half; i++) {
    for (let j = -half; j < half; j++) {
      corners.push(i, 0, j, i, 0, j + 1, j, 0, i, j + 1, 0, i);
    }
  }
  const position = new THREE.BufferAttribute(new Float32Array(corners), 3);
  grid.geometry = new THREE.BufferGeometry();
  grid.geometry.setAttribute('position', position);
  grid.material.vertexColors = false;
  grid.material.color.set(0xaab4c3);
  return grid;
}

const grid = makeGrid(20);
grid.position.y = -data.lowest;
grid.position.z = -Math.round(data.middle[2]);
scene.add(grid);

let current = -1;

function show(number) {
  if (number === current) return;
  current = number;
  const frame = data.frames[number];
  for (const mesh of meshes.values()) mesh.visible = false;
  for (const person of frame.people) {
    const mesh = meshOf(person);
    const position = mesh.geometry.getAttribute('position');
    position.array.set(decodeVertices(person));
    position.needsUpdate = true;
    mesh.geometry.computeVertexNormals();
    mesh.visible = !hidden.has(person.name);
  }
  loadPhoto(frame, number);
  element('slider').value = number;
  element('frame-name').textContent = frame.name;
  element('count').textContent = `${number + 1} of ${data.frames.length}`;
  element('people').replaceChildren(...frame.people.map(tableRow));
  draw();
}

function draw() {
  renderer.render(scene, camera);
}
